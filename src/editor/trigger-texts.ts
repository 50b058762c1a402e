/** The texts of the trigger's own catalogue. */
import type catalogue from "../nodes/locales/en-US/cemm-trigger.json";
import { type Paths, textsOf } from "./catalogue.js";

export const ofTrigger = textsOf<Paths<typeof catalogue>>("node-red-contrib-cemm/cemm-trigger:");
