import { Button } from '@mantine/core'
import { IconArrowsUpDown, IconGauge, IconRadar2, IconRuler2, IconStopwatch } from '@tabler/icons-react'
import { Link } from 'wouter'
import css from './NeverProbed.module.css'

const PARTS = [
  {
    icon: IconGauge,
    title: 'This machine',
    text: 'Its interface, offloads, queues, buffers and processor: read without root.',
  },
  {
    icon: IconRuler2,
    title: 'Packet sizes',
    text: 'The largest packet that passes, exact to the byte; black holes told from “too big”.',
  },
  {
    icon: IconStopwatch,
    title: 'Round trips',
    text: 'To the far end, and to every region of the cloud: which one is near.',
  },
  {
    icon: IconArrowsUpDown,
    title: 'Bandwidth',
    text: 'One stream and several, both ways, and steps of UDP: what limits, and with which proof.',
  },
] as const

/** Before the first probe: what one finds out, and the one thing to do. */
export const NeverProbed = () => (
  <section className={css.hero} aria-labelledby="never-probed">
    <h2 id="never-probed" className={css.title}>
      Know the path before you pay for it
    </h2>
    <p className={css.lead}>
      A probe measures what your network can carry, says what limits it and with which proof, and advises what to
      deploy. Without a target of your own, the local lab has one: free, and without an account.
    </p>
    <ul className={css.parts}>
      {PARTS.map(({ icon: Icon, title, text }) => (
        <li key={title}>
          <Icon size={22} stroke={1.6} aria-hidden />
          <strong>{title}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ul>
    <Button component={Link} href="/probe/new" size="lg" leftSection={<IconRadar2 size={20} />}>
      Probe the network
    </Button>
  </section>
)
