/** A validated property. */
export function checked(value: unknown, check: (value: unknown, node: EditorNode) => Verdict): Property {
  return {
    value,
    // Node-RED accepts a text as the reason only from a validator with two parameters.
    validate(value, _options) {
      return check(value, this);
    },
  };
}
