import type { MoleError } from '../../contract/errors.ts'
import { Commandline } from '../ui/Commandline.tsx'
import { Logo } from '../ui/Logo.tsx'
import css from './Refused.module.css'

/** In place of the panel when the server wants a fresh address. */
export const Refused = ({ problem }: { readonly problem: MoleError }) => (
  <main className={css.page}>
    <div className={css.card} role="alert">
      <Logo size={56} />
      <h1 className={css.title}>This address does not open the panel</h1>
      <p className={css.text}>
        {problem.message} {problem.data.meaning}
      </p>
      <h2 className={css.subtitle}>Get a fresh address</h2>
      <p className={css.text}>In a terminal on the machine where Cloud Mole runs:</p>
      <Commandline text="mole panel" label="the command that prints a fresh address" />
      <p className={css.text}>If Cloud Mole is not running there, this starts it and prints the address too:</p>
      <Commandline text="mole serve" label="the command that starts Cloud Mole" />
      <p className={css.hint}>Tunnels that are up keep running; this page only lost its right to show them.</p>
    </div>
  </main>
)
