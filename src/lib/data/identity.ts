import { parseUid } from "../syntax.js";
import { DeviceInfo } from "./schemas.js";

/** What a device on the LAN reports about itself at the root of its API. */
export interface CemmIdentity {
  /** Its answer has the shape of a CEMM's. */
  isCemm: boolean;
  /** Null if it reports no MAC address. */
  uid: string | null;
}

export function readIdentity(raw: unknown): CemmIdentity {
  const info = DeviceInfo.safeParse(raw).data?.data;
  if (!info) return { isCemm: false, uid: null };
  return { isCemm: true, uid: (info.mac && parseUid(info.mac)) || null };
}
