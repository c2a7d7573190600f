import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Argument } from 'commander'
import { packageRoot } from '../../engine/paths.ts'
import { accountOfCommand, type VerbAccount } from '../command-tree.ts'
import { renderBashCompletion } from '../completions/bash.ts'
import { renderFishCompletion } from '../completions/fish.ts'
import { renderZshCompletion } from '../completions/zsh.ts'
import { EXIT } from '../exit-codes.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

type Shell = {
  /** Its script below resources/completions. */
  readonly file: string
  render(script: string, top: VerbAccount): string
}

const SHELLS: Readonly<Record<string, Shell>> = {
  bash: { file: 'mole.bash', render: renderBashCompletion },
  zsh: { file: '_mole', render: renderZshCompletion },
  fish: { file: 'mole.fish', render: renderFishCompletion },
}

const EXAMPLES = [
  'mole completion bash > ~/.local/share/bash-completion/completions/mole',
  'mole completion zsh > ~/.zfunc/_mole          # a directory of $fpath',
  'mole completion fish > ~/.config/fish/completions/mole.fish',
  'source <(mole completion bash)                # for this shell alone; zsh likewise',
]

/** `mole completion`: what a shell needs to complete a line, made of the verbs there are. */
export const addCompletion: AddVerb = (program, toolbox) => {
  const command = program
    .command('completion')
    .summary('print completions for bash, zsh or fish')
    .description(
      'Prints a script that completes verbs, options, their values, files, keys of the configuration and the names of saved profiles, which it asks "mole profiles --names" for. Needs no engine.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, [shell = '']) => {
    const { file, render } = SHELLS[shell] as Shell
    const template = await readFile(join(packageRoot(), 'resources/completions', file), 'utf8')
    const script = render(template, accountOfCommand(program))
    report.result({ shell, script }, script.trimEnd())
    return EXIT.ok
  })
}
