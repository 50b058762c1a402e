import type { House, Problem } from "../lib/energy/view.js";
import { meterName, type Reader, useReader } from "./reader.js";
import { isText, type Translate } from "./texts.js";

const NO_SUCH_METER = "CEMM_ALIAS_UNSUPPORTED";

export function Problems({ problems, house }: { problems: Problem[]; house: House }) {
  const reader = useReader();
  const texts = new Set(problems.map((problem) => problemText(problem, house, reader)));
  return (
    <div class={texts.size > 0 ? "problems" : ""} role="status">
      {[...texts].map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

function problemText(problem: Problem, house: House, { t, formats }: Reader): string {
  const { code, meter, since, cause } = problem;
  const key = isNoSuchMeter(problem) ? "problem.NO_SUCH_METER" : `problem.${code}`;
  return t(isText(key) ? key : "problem.other", {
    name: house.name,
    id: meter ?? "",
    meter: meter === null ? house.name : meterName(meter, house.meters, t),
    since: since === null ? "?" : formats.moment(since, house.today),
    cause: causeText(cause, t),
    code,
  });
}

/** Whether the meter does not exist, so that it is not called silent. */
export const isNoSuchMeter = ({ cause, code }: Problem): boolean => code === NO_SUCH_METER || cause === NO_SUCH_METER;

function causeText(cause: string | null, t: Translate): string {
  const key = `cause.${cause}`;
  return isText(key) ? t(key) : t("cause.other", { code: cause ?? "?" });
}
