import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../paths.ts'

/** Lines of a shell or Python text that say nothing to the machine; the first line and orders to shellcheck stay. */
const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*#(?!!| shellcheck )/.test(line))
    .join('\n')

/** To a shell, and to nft in its here-documents, indentation and empty lines mean nothing. */
const slimShell = (text: string): string =>
  withoutComments(text)
    .replaceAll(/^ +/gm, '')
    .replaceAll(/\n{2,}/g, '\n')

/** To Python one space a level is as good as four. */
const slimPython = (text: string): string =>
  withoutComments(text.replaceAll(/^ *"""[\s\S]*?"""\n/gm, ''))
    .replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4))
    .replaceAll(/\n{2,}/g, '\n')
    .trim()

/**
 * The boot script with its agent in it, without what only people read: user data has room for 16 KiB, and for no more
 * than that. Pure.
 */
export const composeTemplate = (script: string, agent: string): string =>
  slimShell(script).replace('@AGENT@', () => slimPython(agent))

/** The template of the bastion's boot script (resources/bastion/). */
export const readBootTemplate = async (): Promise<string> => {
  const folder = join(packageRoot(), 'resources/bastion')
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  return composeTemplate(await read('boot.sh'), await read('agent.py'))
}
