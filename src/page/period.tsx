import { useEffect } from "preact/hooks";
import type { House, PeriodView } from "../lib/energy/view.js";
import { goTo } from "./address.js";
import type { Answer } from "./answers.js";
import { FiguresTable } from "./figures-table.js";
import { Charts } from "./period-cards.js";
import { PeriodFigures } from "./period-figures.js";
import { periodName } from "./period-names.js";
import { PeriodNav } from "./period-nav.js";
import { useReader } from "./reader.js";

interface Props {
  house: House;
  date: string;
  answer: Answer<PeriodView>;
}

/** A day, month or year: navigation, figures, charts, costs and table. */
export function Period({ house, date, answer }: Props) {
  const { formats } = useReader();
  const { data: view, isLoading } = answer;
  useArrowKeys(view?.name === date ? view : undefined);
  return (
    <section class={`period ${isLoading ? "loading" : ""}`} aria-busy={isLoading}>
      <h2 aria-live="polite">{periodName(date, formats.locale)}</h2>
      <PeriodNav house={house} date={date} view={view} />
      <Failure answer={answer} />
      {view && <Content house={house} view={view} />}
    </section>
  );
}

function Content({ house, view }: { house: House; view: PeriodView }) {
  const { t } = useReader();
  const isEmpty = Object.values(view.figures).every((figure) => figure === null);
  if (isEmpty) return <p class="card nothing">{t("nothing")}</p>;
  return (
    <>
      <PeriodFigures house={house} view={view} />
      <Charts house={house} view={view} />
      <FiguresTable house={house} view={view} />
      {view.source && <p class="source">{t(`source.${view.source}`)}</p>}
    </>
  );
}

function Failure({ answer: { error, reload } }: { answer: Answer<PeriodView> }) {
  const { t } = useReader();
  if (error === undefined) return null;
  return (
    <p class="card failure" role="alert">
      {t("failed", { code: error })}{" "}
      <button type="button" onClick={reload}>
        {t("again")}
      </button>
    </p>
  );
}

/** The arrow keys, unless an element of the page uses them. */
function useArrowKeys(view: PeriodView | undefined): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      if (event.target !== document.body || event.altKey || event.ctrlKey || event.metaKey) return;
      const date = { ArrowLeft: view?.previous, ArrowRight: view?.next }[event.key];
      if (date) goTo(date);
    };
    window.addEventListener("keydown", follow);
    return () => window.removeEventListener("keydown", follow);
  }, [view?.previous, view?.next]);
}
