/** A map that holds at most so many entries: the one that was set longest ago is forgotten first. */
export class RecentMap<Value> extends Map<string, Value> {
  constructor(private readonly most: number) {
    super();
  }

  override set(key: string, value: Value): this {
    // What is set anew is forgotten last.
    this.delete(key);
    super.set(key, value);
    if (this.size > this.most) this.#forgetOldest();
    return this;
  }

  #forgetOldest(): void {
    const [oldest] = this.keys();
    if (oldest !== undefined) this.delete(oldest);
  }
}
