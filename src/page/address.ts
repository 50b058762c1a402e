/** The shown period, kept after the `#` of the address, so that back, forward and bookmarks work. */
import { useEffect, useState } from "preact/hooks";
import { unitOf } from "./dates.js";

/** `""`: today. */
export function useDate(): string {
  const [date, setDate] = useState(dateInAddress);
  useEffect(() => {
    const follow = () => setDate(dateInAddress());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return date;
}

export const linkTo = (date: string): string => `#${date}`;

export function goTo(date: string): void {
  location.hash = date;
}

function dateInAddress(): string {
  const date = location.hash.slice(1);
  return unitOf(date) ? date : "";
}
