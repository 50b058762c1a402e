import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({
  name: z.string(),
  version: z.string(),
  bugs: z.object({ url: z.string() }).optional(),
});

/** This package's own package.json. */
export const ownPackage = Package.parse(JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")));

/** Where to report a problem with this package: a web address, or undefined while the project has none. */
export const REPORT_ADDRESS = ownPackage.bugs?.url;
