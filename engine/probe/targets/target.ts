import type { Place } from '../run-measurement.ts'

/** What is measured towards, once it is there. */
export type OpenedTarget = {
  /** For people: "the lab’s probe site, 198.18.0.6". */
  readonly name: string
  /** Where the measuring program runs. */
  readonly place: Place
  /** `null`: nothing but this machine. */
  readonly host: string | null
  readonly iperf3Port: number
  readonly echoPort: number
  /** File that is sent; `null` for what the request says. */
  readonly sourceFile: string | null
  /** Addresses that a firewall on the way is asked to let through; empty where they are not known. */
  readonly endpoints: readonly string[]
  /** Of this host, as that firewall sees it; `null`: not known. */
  readonly hostAddress: string | null
  /** Of AWS, that it stands in; `null`: none. */
  readonly region: string | null
}

/** The probe it is for, and where to tell what is being done. */
export type TargetContext = {
  readonly id: string
  readonly tell: (doing: string) => void
  readonly signal: AbortSignal
}

export type OpenTarget<Asked> = (target: Asked, context: TargetContext) => Promise<OpenedTarget>

/** What can be made to be measured towards. */
export type TargetMaker<Asked> = {
  readonly open: OpenTarget<Asked>
  /** Takes away what was made, whole or half, also by an engine that was killed; and proves it. Idempotent. */
  readonly remove: (target: Asked, context: TargetContext) => Promise<void>
}
