import { render } from "preact";
import { App } from "./app.js";
import { chooseLocale, languageOf } from "./texts.js";

const locale = chooseLocale(navigator.languages);
document.documentElement.lang = languageOf(locale);

const page = document.getElementById("page");
if (page) render(<App locale={locale} />, page);
