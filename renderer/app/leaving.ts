import type { BaseLocationHook } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { create } from 'zustand'

type Leaving = {
  /** Address of the page that holds unsaved changes, and so is held; `null` when none does. */
  readonly held: string | null
  /** Where the person wanted to go meanwhile. */
  readonly wanted: string | null
}

/** Whether a page may be left. */
export const useLeaving = create<Leaving>()(() => ({ held: null, wanted: null }))

/**
 * The address in the fragment, as wouter wants it. While a page is held it stays the one shown, also when the address
 * was changed by hand or by the browser's buttons.
 */
export const useGuardedLocation: BaseLocationHook = () => {
  const [location, navigate] = useHashLocation()
  const held = useLeaving((state) => state.held)
  return [held ?? location, navigate]
}
useGuardedLocation.hrefs = (path) => `#${path}`

type Navigate = (to: string, options?: object) => void

/** Goes there, unless the page is held: then it is remembered that somebody wanted to. */
export const navigateUnlessHeld = (navigate: Navigate, to: string, options?: object): void => {
  const { held } = useLeaving.getState()
  if (held === null || to === held) navigate(to, options)
  else useLeaving.setState({ wanted: to })
}
