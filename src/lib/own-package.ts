import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({
  name: z.string(),
  version: z.string(),
});

/** This package's own package.json. */
export const ownPackage = Package.parse(JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")));
