/**
 * Which own work of the journey a cause explains, by node. Columns, not a map: a loop of 100,000 calls has as many claims,
 * and a map of them took a third of its diagnosis. Each node is added once.
 */
export class Claims {
  readonly nodes: number[] = [];
  readonly us: number[] = [];
  sumUs = 0;
  #set: ReadonlySet<number> | undefined;

  static of(entries: Iterable<readonly [node: number, us: number]>): Claims {
    const claims = new Claims();
    for (const [node, us] of entries) claims.add(node, us);
    return claims;
  }

  get size(): number {
    return this.nodes.length;
  }

  /** Time of no length is none. */
  add(node: number, us: number): void {
    if (us <= 0) return;
    this.nodes.push(node);
    this.us.push(us);
    this.sumUs += us;
    this.#set = undefined;
  }

  addAll(other: Claims): void {
    for (let at = 0; at < other.size; at += 1) this.add(other.nodes[at] ?? 0, other.us[at] ?? 0);
  }

  has(node: number): boolean {
    this.#set ??= new Set(this.nodes);
    return this.#set.has(node);
  }
}

/** Of what explains no time. */
export const NO_CLAIMS = new Claims();
