import { appContract } from '../../contract/app.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'

const TunnelNumber = appContract['lab.path'].input.shape.tunnel

const WORDS = {
  break: {
    state: 'broken',
    summary: "break one tunnel's internet path",
    description: "Drops every packet of one tunnel's internet path, both ways and silently, as a failing link would.",
    done: (tunnel: number) => `The path of tunnel ${tunnel} is broken. To mend it: mole lab heal ${tunnel}`,
  },
  heal: {
    state: 'healthy',
    summary: "mend one tunnel's internet path",
    description: 'Lets the packets of a broken path pass again.',
    done: (tunnel: number) => `The path of tunnel ${tunnel} is whole again.`,
  },
} as const

const addPathVerb =
  (name: keyof typeof WORDS): AddVerb =>
  (lab, toolbox) => {
    const { state, summary, description, done } = WORDS[name]
    const command = lab
      .command(name)
      .summary(summary)
      .description(description)
      .argument('<tunnel>', 'number of the tunnel, as in "mole status"')
    finishVerb(command, toolbox, [`mole lab ${name} 2`], async (report, _options, [operand = '']) => {
      const tunnel = parseNumber(TunnelNumber, operand, '<tunnel>')
      const engine = await engineOfDeployment(toolbox.world)
      await engine.call('lab.path', { tunnel, state })
      report.result({ tunnel, path: state }, done(tunnel))
      return EXIT.ok
    })
  }

/** `mole lab break`: a failing link, on purpose. */
export const addLabBreak: AddVerb = addPathVerb('break')
/** `mole lab heal`: the link works again. */
export const addLabHeal: AddVerb = addPathVerb('heal')
