import { accountOfCommand } from '../command-tree.ts'
import { EXIT } from '../exit-codes.ts'
import { renderManPage } from '../man/page.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = ['mole man | man -l -', 'mole man > ~/.local/share/man/man1/mole.1']

/** `mole man`: the manual page, made of the verbs there are. */
export const addMan: AddVerb = (program, toolbox) => {
  const command = program
    .command('man')
    .summary('print the manual page')
    .description('Prints the manual page mole(1) as roff: every verb, option and exit code. Needs no engine.')
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const page = renderManPage(accountOfCommand(program), program.version() ?? '')
    report.result({ page }, page.trimEnd())
    return EXIT.ok
  })
}
