/** A property whose value is checked, by itself or with the rest of its node. */
export function checked(value: unknown, check: (value: unknown, node: EditorNode) => Verdict): Property {
  return {
    value,
    // Node-RED takes a sentence for a reason only from a validator with two parameters.
    validate(value, _options) {
      return check(value, this);
    },
  };
}
