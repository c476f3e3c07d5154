// The only errors that the simulated outside throws. Anything else that comes out of the shell is a
// defect.

export class Outage extends Error {
  override readonly name = "Outage";
}
