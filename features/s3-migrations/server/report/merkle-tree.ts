import { createHash } from "node:crypto";

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
/** Leaves and nodes are hashed apart, as RFC 6962 has it: no node can be passed off as a leaf. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** The Merkle root of lines as they come, keeping one hash per level: 24 for ten million. */
export class MerkleTree {
  readonly #levels: (Buffer | undefined)[] = [];

  add(line: string): void {
    let hash = sha256(LEAF, line);
    let level = 0;
    for (let left = this.#levels[0]; left !== undefined; left = this.#levels[level]) {
      hash = sha256(NODE, left, hash);
      this.#levels[level] = undefined;
      level += 1;
    }
    this.#levels[level] = hash;
  }

  /** Hex; of no line at all, the hash of nothing. */
  root(): string {
    let root: Buffer | undefined;
    for (const left of this.#levels) {
      if (left !== undefined) root = root === undefined ? left : sha256(NODE, left, root);
    }
    return (root ?? sha256("")).toString("hex");
  }
}
