// XML from a stranger: no entities of its own, not too deep, well-formed to its end. Nothing is
// ever fetched, whatever a document type points at.

import { SaxesParser } from "saxes";
import { Refusal } from "../core/refusal.ts";
import { cleanText } from "./clean-text.ts";
import { MAX_DEPTH, type ReportContent, type Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";

/** Takes the elements of one format as they come. */
export interface XmlReader {
  open(element: XmlElement): void;
  close(name: string): void;
  /** The root was closed. */
  done(): ReportContent;
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
}

/** The root's name says which format it is. */
export const readXmlText = (
  text: string,
  source: Source,
  readers: ReadonlyMap<string, (source: Source) => XmlReader>,
): ReportContent => {
  let depth = 0;
  let reader: XmlReader | null = null;
  const parser = new SaxesParser<{ xmlns: false }>();
  parser.on("doctype", (doctype) => {
    if (doctype.includes("[")) throw ownEntities(source, parser.line);
  });
  parser.on("opentagstart", () => {
    depth += 1;
    if (depth > MAX_DEPTH) throw tooDeep(source, parser.line);
  });
  parser.on("opentag", ({ name, attributes }) => {
    reader ??= readerOf(name, readers, source, parser.line);
    reader.open({ name, attributes, line: parser.line });
  });
  parser.on("closetag", ({ name }) => {
    depth -= 1;
    reader?.close(name);
  });
  const parse = (part: () => unknown, code: "report-bad-xml" | "report-truncated"): void => {
    try {
      part();
    } catch (error) {
      if (error instanceof Refusal || !(error instanceof Error)) throw error;
      throw notXml(code, source, { line: parser.line, says: error.message });
    }
  };
  parse(() => parser.write(text), "report-bad-xml");
  parse(() => parser.close(), "report-truncated");
  return doneBy(reader, source);
};

const readerOf = (
  root: string,
  readers: ReadonlyMap<string, (source: Source) => XmlReader>,
  source: Source,
  line: number,
): XmlReader => {
  const begin = readers.get(root);
  if (begin !== undefined) return begin(source);
  throw reportRefusal("report-unknown", source, line, {
    message: `expected a report in XML, found the element ${cleanText(root, 40)}`,
    hint: `known here: ${[...readers.keys()].join(", ")}`,
  });
};

/** A document without any element does not get this far. */
const doneBy = (reader: XmlReader | null, source: Source): ReportContent => {
  if (reader !== null) return reader.done();
  const message = "expected an element, found none";
  throw reportRefusal("report-truncated", source, null, { message, hint: "attach all of it" });
};

const ownEntities = (source: Source, line: number): Refusal =>
  reportRefusal("report-entities", source, line, {
    message: "expected no declarations in the document type, found some",
    hint: "reports need no entities of their own; leave the part in brackets out",
  });

const tooDeep = (source: Source, line: number): Refusal =>
  reportRefusal("report-too-deep", source, line, {
    message: `expected at most ${MAX_DEPTH} levels of XML, found more`,
    hint: "no report is written like this",
  });

const notXml = (
  code: "report-bad-xml" | "report-truncated",
  source: Source,
  { line, says }: { readonly line: number; readonly says: string },
): Refusal => {
  const fault = cleanText(says.replace(/^(?:.*:)?\d+:\d+: /u, ""), 120);
  return code === "report-bad-xml"
    ? reportRefusal(code, source, line, {
        message: `expected XML, found an error in it: ${fault}`,
        hint: "attach the report as its tool wrote it",
      })
    : reportRefusal(code, source, line, {
        message: `expected the end of the XML, found the end of the file: ${fault}`,
        hint: "the file was cut off; attach all of it",
      });
};
