import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import css from './ConnectionBanner.module.css'
import { useConnection } from './connection-store.ts'
import { retryNow } from './keep-connected.ts'

const useSecondsUntil = (atMs: number): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((atMs - now) / 1000))
}

const Countdown = ({ atMs }: { readonly atMs: number }) => {
  const seconds = useSecondsUntil(atMs)
  return <span className="number">{seconds === 0 ? 'Trying now …' : `Trying again in ${seconds} s`}</span>
}

/** Says that what is shown is old, and that the tunnels do not depend on this. */
export const ConnectionBanner = () => {
  const connection = useConnection()
  if (connection.status === 'refused')
    return (
      <div className={css.banner} role="alert">
        <IconPlugConnectedX size={18} aria-hidden />
        <p className={css.text}>
          <strong>This address does not open the panel any more.</strong> {connection.problem.message} Copy what you
          changed, then open the fresh address that <code>mole panel</code> prints.
        </p>
      </div>
    )
  if (connection.status !== 'lost') return null
  return (
    <div className={css.banner} role="alert">
      <IconPlugConnectedX size={18} aria-hidden />
      <p className={css.text}>
        <strong>No connection to the engine.</strong> Tunnels that are up keep running; what you see is from before.
      </p>
      <span className={css.countdown} aria-hidden="true">
        <Countdown atMs={connection.retryAtMs} />
      </span>
      <Button size="compact-sm" variant="default" onClick={retryNow}>
        Try now
      </Button>
    </div>
  )
}
