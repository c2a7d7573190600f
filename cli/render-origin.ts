import type { ConfigValue } from '../domain/config/resolve.ts'
import { tilde } from './tilde.ts'

/** `profile:~/.config/mole/profiles/lab.yaml:3:8`, `environment:MOLE_TUNNEL_MTU`, `flag:--mtu`; `default` alone. */
export const renderOrigin = ({ origin, where }: ConfigValue, home: string): string =>
  origin === 'default' ? origin : `${origin}:${tilde(where, home)}`
