// The API page, drawn from /openapi.json; nothing is fetched from anywhere else.
import { element } from "./parts.js";

const place = document.getElementById("routes");
const response = await fetch("/openapi.json");
const description = await response.json();

for (const [path, methods] of Object.entries(description.paths)) {
  for (const [method, route] of Object.entries(methods)) {
    const [summary, ...rest] = (route.description ?? route.summary ?? "").split("\n\n");
    const section = element(
      "section",
      "route",
      element("h2", "", element("code", "verb", method.toUpperCase()), " ", element("code", "", path)),
      element("p", "", summary),
      ...rest.map((text) => element("p", "", text)),
    );
    const rows = (route.parameters ?? []).map((one) => [
      element("dt", "", element("code", "", one.name)),
      element("dd", "", `${one.in}, ${one.schema?.type ?? "string"}${one.required ? ", required" : ""}`),
    ]);
    if (rows.length) section.append(element("dl", "rows", ...rows.flat()));
    section.append(element("p", "answers", ...Object.entries(route.responses).map(([code, one]) => `${code} ${one.description}  `)));
    place.append(section);
  }
}
place.removeAttribute("aria-busy");
