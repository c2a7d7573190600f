/** What a newcomer may type, for help and the manual. */
export const FIRST_MINUTE = `First minute, without an account and without root:
  mole up --target lab --tunnels 4     make four tunnels in namespaces on this machine
  mole lab traffic                     send traffic through them
  mole panel --open                    watch it
  mole down                            take everything away

The same tomorrow, in one word:
  mole create-profile mine --target lab --tunnels 4
  mole connect mine`
