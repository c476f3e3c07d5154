// The kinds of definitions, as a document's first key names them.

export const KINDS = [
  "Service",
  "Environment",
  "Playbook",
  "Overlay",
  "Configuration",
  "Calendar",
  "Checklist",
  "Group",
  "Rollout",
  "Train",
  "Database",
  "BlobStore",
] as const;
export type Kind = (typeof KINDS)[number];
