import { useEffect, useMemo } from "preact/hooks";
import type { House, PeriodView } from "../lib/energy/view.js";
import { useDate } from "./address.js";
import { useAnswer } from "./answers.js";
import { type Connection, useConnection } from "./connection.js";
import { unitOf } from "./dates.js";
import { Now } from "./now.js";
import { Period } from "./period.js";
import { Problems } from "./problems.js";
import { ReaderProvider, readerIn, useReader } from "./reader.js";
import { MeterReadings } from "./readings.js";

export function App({ locale }: { locale: string }) {
  const connection = useConnection();
  const answer = useAnswer<House>("api/house", 0);
  const house = connection.house ?? answer.data;
  // UTC is a placeholder: nothing that needs a time zone is shown before the house is known.
  const timezone = house?.timezone ?? "UTC";
  const reader = useMemo(() => readerIn(locale, timezone), [locale, timezone]);
  useEffect(() => {
    if (house) document.title = `${house.name} · CEMM`;
  }, [house?.name]);
  return (
    <ReaderProvider value={reader}>
      <header class="top">
        <h1>{house?.name ?? "CEMM"}</h1>
        <Status connection={connection} />
      </header>
      {house && <Home house={house} connection={connection} />}
    </ReaderProvider>
  );
}

function Home({ house, connection }: { house: House; connection: Connection }) {
  const { live, isLost, changes } = connection;
  const shown = useDate() || house.today;
  const path = `api/${unitOf(shown) ?? "day"}/${shown}`;
  const version = (changes[shown] ?? 0) + (changes[""] ?? 0);
  const period = useAnswer<PeriodView>(path, version);
  const problems = [...house.problems, ...(live?.problems ?? []), ...(period.data?.problems ?? [])];
  return (
    <>
      <Problems problems={problems} house={house} />
      <Now house={house} live={live} isOld={isLost} />
      <Period house={house} date={shown} answer={period} />
      <MeterReadings house={house} minute={Math.floor((live?.time ?? 0) / 60_000)} />
    </>
  );
}

function Status({ connection: { live, isLost } }: { connection: Connection }) {
  const { t, formats } = useReader();
  if (isLost)
    return (
      <p class="status lost" role="alert">
        {t("live.lost")}
      </p>
    );
  if (!live) return <p class="status">{t("live.starting")}</p>;
  // A silent CEMM is reported below, with the time.
  if (live.problems.some(({ code }) => code === "SILENT")) return null;
  return <p class="status live">{t("live.since", { time: formats.clock(live.time) })}</p>;
}
