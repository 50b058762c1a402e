/** The texts of the trigger's own catalogue. */

import { type Paths, textsOf } from "../../../editor/catalogue.js";
import type catalogue from "../../locales/en-US/trigger.json";

export const triggerText = textsOf<Paths<typeof catalogue>>("node-red-contrib-cemm/cemm-trigger:");
