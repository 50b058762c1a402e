/** The texts of the page's own catalogue. */
import { type Paths, textsOf } from "../../../editor/catalogue.js";
import type catalogue from "../../locales/en-US/page.json";

export const pageText = textsOf<Paths<typeof catalogue>>("node-red-contrib-cemm/cemm-page:");
