import { useQuery } from '@tanstack/react-query'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'

/** Where tunnels can lead, and why not where they cannot. */
export const useTargets = () =>
  useQuery({
    queryKey: ['targets'],
    enabled: useIsOpen(),
    // What was missing may have been installed since the last look.
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('targets.list', {}, { signal }),
  })
