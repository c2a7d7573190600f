import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from './programs.ts'

/** A program to start so that it runs on the lab's DTN. */
export type Entry = {
  readonly program: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const TERMINAL_VARIABLES = ['TERM', 'COLORTERM', 'LANG', 'LC_CTYPE']

/**
 * How to run `command` on the lab's DTN, in the namespaces of the world's first process (`lab.world` of the app contract);
 * for `mole lab shell` a shell, with the terminal's own variables passed on.
 * @throws MoleError `missing-program`
 */
export const enterLab = async (
  pid: number,
  command: readonly string[] = ['/bin/sh', '-i'],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Entry> => {
  const passed = TERMINAL_VARIABLES.flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  )
  return {
    program: await mustFindProgram('nsenter'),
    argv: [...enterNamespaces(pid), ...command],
    env: { ...Object.fromEntries(passed), ...LAB_ENVIRONMENT, PS1: 'mole-lab# ' },
  }
}
