import { homedir } from 'node:os'
import { parsePriceTable } from '../domain/planner/price-table.ts'
import { openWorkspaces } from '../engine/cloud/terraform/workspaces.ts'
import { openUserConfig } from '../engine/config/user-config.ts'
import { runDoctor } from '../engine/doctor/doctor.ts'
import { findProgram } from '../engine/doctor/programs.ts'
import { helperProgram, measuringProgram } from '../engine/host/helper-program.ts'
import { hostAccess } from '../engine/host/host-access.ts'
import { helperInstallation } from '../engine/host/install/installation.ts'
import { connectHelper } from '../engine/host/reach-helper.ts'
import { userName } from '../engine/host/user-name.ts'
import { resolvePaths } from '../engine/paths.ts'
import { readNewestPrices } from '../engine/prices/price-files.ts'
import { openProfileFiles } from '../engine/profiles/profile-files.ts'
import { ask } from './ask.ts'
import { awaitExit } from './await-exit.ts'
import { startBackgroundEngine } from './background-engine.ts'
import { choose } from './choose.ts'
import { openConfigAccess } from './config-access.ts'
import { openEngineAccess } from './engine-access.ts'
import { browserOpener, openWith } from './open-browser.ts'
import { readDocument } from './read-document.ts'
import { runAlongside, runHere } from './run-here.ts'
import { openScratch } from './scratch.ts'
import { serveHere } from './serve-here.ts'
import { findTerraform } from './terraform/find-terraform.ts'
import type { Engine, World } from './world.ts'
import { writeNewFiles } from './write-new-files.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

const onInterrupt: World['onInterrupt'] = (listener) => {
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
}

/** no-color.org: any non-empty NO_COLOR; terminfo(5): a "dumb" terminal has no colours. */
const wantsColour = (env: NodeJS.ProcessEnv): boolean => (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'

/** This process on this machine. `close` ends its connections. Composition only. */
export const thisWorld = (version: string): World & { close(): void } => {
  const { env, platform, stdin, stdout, stderr } = process
  const paths = resolvePaths()
  const engines: Engine[] = []
  const warn = (text: string): void => void stderr.write(`mole: ${text}\n`)
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    canRedraw: stderr.isTTY === true && env.TERM !== 'dumb',
    hasColour: stdout.isTTY === true && stderr.isTTY === true && wantsColour(env),
    home: env.HOME ?? homedir(),
    engine: openEngineAccess(paths, (engine) => void engines.push(engine), warn),
    confirm: ask,
    choose,
    config: openConfigAccess(paths, env),
    userConfig: openUserConfig(paths),
    profiles: openProfileFiles(paths),
    readPrices: async () => parsePriceTable(await readNewestPrices(paths)),
    readText: readDocument,
    openScratch: (fileName, text) => openScratch(fileName, text, env),
    writeNewFiles,
    findHelper: async () =>
      (await connectHelper(paths.lab)) ?? hostAccess({ directory: paths.host, program: helperProgram() }).find(),
    hostHelper: helperInstallation(),
    invoker: env.SUDO_USER ?? (process.geteuid?.() === 0 ? null : userName()),
    onInterrupt,
    runHere,
    answerProbes: (argv, onLine) =>
      runAlongside(process.execPath, [measuringProgram(helperProgram().entry), 'answer', ...argv], onLine),
    findProgram: (name) => findProgram(name),
    goDebug: process.env.GODEBUG,
    terraform: openWorkspaces(paths.terraform),
    findTerraform: (wanted) => findTerraform(wanted, env.PATH),
    serve: (request) => serveHere(paths, version, request),
    serveInBackground: async (request) => {
      const engine = await startBackgroundEngine(paths, request, warn)
      engines.push(engine)
      return engine
    },
    awaitExit,
    openBrowser: async (url) => {
      const opener = browserOpener(platform, env)
      return opener !== null && (await openWith(opener, url))
    },
    // Loaded where it is used: every other verb starts without it.
    openMonitorScreen: async (onQuit) => (await import('./monitor/draw.ts')).openMonitorScreen(onQuit),
    observeDoctor: () => runDoctor(),
    close: () => {
      for (const engine of engines) engine.close()
    },
  }
}
