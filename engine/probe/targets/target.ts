import type { Place } from '../run-measurement.ts'

/** What is measured towards, once it is there. */
export type OpenedTarget = {
  /** For people: "the lab’s probe site, 198.18.1.2". */
  readonly name: string
  /** Where the measuring program runs. */
  readonly place: Place
  /** `null`: nothing but this machine. */
  readonly host: string | null
  readonly iperf3Port: number
  readonly echoPort: number
  /** Sent instead of zeroes; `null` for what the request says. */
  readonly sourceFile: string | null
  /** Takes away what was made for the probe, and proves it. */
  close(): Promise<void>
}

/** Makes a target for a probe. What it makes and cannot finish, also because `signal` aborts, it takes away again. */
export type OpenTarget<Asked> = (
  target: Asked,
  about: { readonly id: string; readonly tell: (doing: string) => void; readonly signal: AbortSignal },
) => Promise<OpenedTarget>
