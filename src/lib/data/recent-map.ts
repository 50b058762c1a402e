/** A map with a maximum size: the least recently set entry is dropped first. */
export class RecentMap<Value> extends Map<string, Value> {
  constructor(private readonly max: number) {
    super();
  }

  override set(key: string, value: Value): this {
    // Setting a key again makes it the newest.
    this.delete(key);
    super.set(key, value);
    if (this.size > this.max) this.#forgetOldest();
    return this;
  }

  #forgetOldest(): void {
    const [oldest] = this.keys();
    if (oldest !== undefined) this.delete(oldest);
  }
}
