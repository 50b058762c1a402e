import { render } from "preact";
import { App } from "./app.js";
import { chooseLocale, languageOf } from "./texts.js";

const locale = chooseLocale(navigator.languages);
document.documentElement.lang = languageOf(locale);

// On paper all is light. Here, before the charts hear of it: they take their colours anew.
const root = document.documentElement.classList;
window.addEventListener("beforeprint", () => root.add("printing"));
window.addEventListener("afterprint", () => root.remove("printing"));

const page = document.getElementById("page");
if (page) render(<App locale={locale} />, page);
