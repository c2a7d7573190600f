import type { AppContract, DoctorCheck } from '../contract/app.ts'
import type { Client } from '../contract/define.ts'
import type { PriceTable } from '../domain/planner/price-table.ts'
import type { HelperClient } from '../engine/cloud/provider.ts'
import type { Workspaces } from '../engine/cloud/terraform/workspaces.ts'
import type { LoadedConfig, ConfigRequest as LoadRequest } from '../engine/config/load.ts'
import type { UserConfig } from '../engine/config/user-config.ts'
import type { HelperInstallation } from '../engine/host/install/installation.ts'
import type { ProfileFiles } from '../engine/profiles/profile-files.ts'
import type { Monitor } from './monitor/model.ts'
import type { TerraformProgram } from './terraform/find-terraform.ts'
import type { NewFile } from './write-new-files.ts'

export type Engine = Client<AppContract>

/** How a verb comes to an engine. */
export type EngineAccess = {
  /** The running engine, `null` when there is none. */
  find(): Promise<Engine | null>
  /** The running engine, or one started in the background. @throws MoleError saying why it did not start. */
  findOrStart(): Promise<Engine>
  /** Whether anything deployed, or left of it, is on record; tells without an engine. */
  isAnythingLeft(): Promise<boolean>
}

export type ServeRequest = {
  /** TCP port of the panel; 0 takes a free one. */
  readonly port: number
  /** End by itself when nothing is deployed and nobody is connected. */
  readonly untilIdle: boolean
}

/** An engine and a panel living in this very process. */
export type Served = {
  readonly pid: number
  /** The panel's Unix socket, there once the panel is served. */
  readonly unixSocket: string
  /** A fresh one-time address; serves the panel first where it is not yet. */
  link(): Promise<string>
  /** Resolves when the engine has ended, whoever asked for it. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export type ConfigRequest = Omit<LoadRequest, 'paths' | 'environment'> & {
  /** Judge a document as it is, whatever `MOLE_*` says in this shell. */
  readonly ignoresEnvironment?: true
}

/** The configuration of this user, in this shell. */
export type ConfigAccess = {
  /** What a person wrote wrongly is in its `problems`. @throws MoleError for what cannot be read. */
  load(request: ConfigRequest): Promise<LoadedConfig>
}

/** A private copy of a text, in a directory of its own, for the person's editor. */
export type Scratch = {
  readonly path: string
  /** The text as it is when the editor has ended. @throws MoleError `cancelled`, `missing-program`, `bad-input`. */
  edit(): Promise<string>
  remove(): Promise<void>
}

export type Choice = { readonly value: string; readonly label: string }

/** Where `mole monitor` draws. */
export type MonitorScreen = {
  show(monitor: Monitor): void
  /** Gives the terminal back as it was. */
  close(): Promise<void>
}

/** Everything a verb touches outside itself; tests hand in their own. */
export type World = {
  stdout(text: string): void
  stderr(text: string): void
  /** A person is there to be asked. */
  readonly isInteractive: boolean
  /** stderr is a terminal: a line may be drawn over. */
  readonly canRedraw: boolean
  readonly hasColour: boolean
  /** The person's home directory, shown as "~". */
  readonly home: string
  readonly engine: EngineAccess
  /** Asks yes or no; `null` when the person broke off. */
  confirm(question: string): Promise<boolean | null>
  /** Lets the person choose one; `null` when they broke off. */
  choose(question: string, choices: readonly Choice[]): Promise<string | null>
  readonly config: ConfigAccess
  readonly userConfig: UserConfig
  readonly profiles: ProfileFiles
  /** The newest price table on this machine; tells without an engine. */
  readPrices(): Promise<PriceTable>
  /** Reads a document; `-` is stdin. @throws MoleError naming it when it is not there, no text or too large. */
  readText(path: string): Promise<string>
  openScratch(fileName: string, text: string): Promise<Scratch>
  /** All of them or none, each for its owner alone, never over another; gives their paths. @throws MoleError. */
  writeNewFiles(directory: string, files: readonly NewFile[]): Promise<string[]>
  /** The helper that holds the tunnels, `null` when none answers. The caller closes it. */
  findHelper(): Promise<HelperClient | null>
  /** Puts the helper on this machine for good, and takes it away. */
  readonly hostHelper: HelperInstallation
  /** Who gave the command, through `sudo` too; `null` for root who came by himself. */
  readonly invoker: string | null
  /** Calls `listener` at each Ctrl-C or SIGTERM instead of ending; returns what undoes it. */
  onInterrupt(listener: () => void): () => void
  /** Full path of a system program, `null` where it is not installed. */
  findProgram(name: string): Promise<string | null>
  /** `GODEBUG` of this shell (package `runtime` of Go). */
  readonly goDebug: string | undefined
  /** Runs a program with this terminal as its own; resolves with its exit code. What it prints goes to `output`. */
  runHere(
    program: string,
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    output?: 'stdout' | 'stderr',
  ): Promise<number>
  /** Runs what answers probes (helper/probe) until it ends, and hands over its lines; resolves with its exit code. */
  answerProbes(argv: readonly string[], onLine: (line: string) => void): Promise<number>
  /** What Terraform works in for us. */
  readonly terraform: Workspaces
  /** The absolute path of an installed Terraform or OpenTofu, `null` when there is none on PATH. */
  findTerraform(wanted: TerraformProgram): string | null
  serve(request: ServeRequest): Promise<Served>
  /** Starts the engine as a process of its own that stays; its panel may be given a port. */
  serveInBackground(request: ServeRequest): Promise<Engine>
  /** Waits until a process is gone. @throws MoleError `timeout`. */
  awaitExit(pid: number): Promise<void>
  /** Opens the address in a browser; `false` when this machine has no display or no way to do it. */
  openBrowser(url: string): Promise<boolean>
  /** Takes the terminal for the dashboard; `onQuit` is called when the person leaves. */
  openMonitorScreen(onQuit: () => void): Promise<MonitorScreen>
  observeDoctor(): Promise<readonly DoctorCheck[]>
}
