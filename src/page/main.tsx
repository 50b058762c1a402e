import { render } from "preact";
import { App } from "./app.js";
import { chooseLocale, languageOf } from "./texts.js";

const locale = chooseLocale(navigator.languages);
document.documentElement.lang = languageOf(locale);

// Prints use light colours. Registered here, before the charts read their colours again.
const root = document.documentElement.classList;
window.addEventListener("beforeprint", () => root.add("printing"));
window.addEventListener("afterprint", () => root.remove("printing"));

const page = document.getElementById("page");
if (page) render(<App locale={locale} />, page);
