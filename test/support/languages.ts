import { readdirSync } from "node:fs";
import { resolve } from "node:path";

/** The language that the others are translated from. */
export const ENGLISH = "en-US";

/** The languages of the nodes, with a folder of texts for each. */
export const LANGUAGES = readdirSync(resolve(__dirname, "../../src/nodes/locales")).sort();
