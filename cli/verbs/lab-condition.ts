import type { z } from 'zod'
import { appContract } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { Duration, Share } from '../../domain/config/quantities.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { plainText } from '../plain-text.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'

type Options = { readonly loss: string; readonly delay: string }

const Input = appContract['lab.condition'].input.shape
const Delay = Duration({ min: 0, max: 1000 })

const parseOption = (rule: z.ZodType<number>, name: string, text: string): number => {
  const parsed = rule.safeParse(/^[0-9]*\.[0-9]+$/.test(text) ? Number(text) : text)
  if (parsed.success) return parsed.data
  throw new MoleError('bad-input', `${name} ${plainText(text)}: ${parsed.error.issues[0]?.message}`, {
    field: name,
    meaning: 'Nothing was changed.',
    nextStep: `Correct ${name} and try again.`,
  })
}

const done = (tunnel: number, lossRatio: number, delayMs: number): string =>
  lossRatio === 0 && delayMs === 0
    ? `The path of tunnel ${tunnel} loses and delays nothing.`
    : `The path of tunnel ${tunnel} loses ${Number((lossRatio * 100).toFixed(4))} % of its packets and takes ${delayMs} ms longer each way. To end that: mole lab condition ${tunnel}`

/** `mole lab condition`: a poor link, on purpose. */
export const addLabCondition: AddVerb = (lab, toolbox) => {
  const command = lab
    .command('condition')
    .summary("have one tunnel's internet path lose or delay packets")
    .description(
      "Has one tunnel's internet path lose packets at random and delay them, both ways, from now on. Without an option it does neither any more.",
    )
    .argument('<tunnel>', 'number of the tunnel, as in "mole status"')
    .option('--loss <share>', 'share of packets that are lost each way, such as 30%', '0%')
    .option('--delay <time>', 'time added each way, up to 1s', '0ms')
  const examples = ['mole lab condition 2 --loss 30% --delay 15ms', 'mole lab condition 2']
  finishVerb<Options>(command, toolbox, examples, async (report, options, [operand = '']) => {
    const tunnel = parseNumber(Input.tunnel, operand, '<tunnel>')
    const lossRatio = parseOption(Share, '--loss', options.loss)
    const delayMs = parseOption(Delay, '--delay', options.delay)
    const engine = await engineOfDeployment(toolbox.world)
    await engine.call('lab.condition', { tunnel, condition: { lossRatio, delayMs } })
    report.result({ tunnel, lossRatio, delayMs }, done(tunnel, lossRatio, delayMs))
    return EXIT.ok
  })
}
