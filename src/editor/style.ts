const STYLE = "resources/node-red-contrib-cemm/cemm-editor.css";

export function loadStyle(): void {
  const root = "apiRootUrl" in RED.settings ? String(RED.settings.apiRootUrl) : "";
  $("<link>", { rel: "stylesheet", href: `${root}${STYLE}` }).appendTo("head");
}
