import { useQuery } from '@tanstack/react-query'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'

/** A probe, whole, as it is kept. */
export const useReport = (id: string) =>
  useQuery({
    queryKey: ['probe', id],
    enabled: useIsOpen(),
    // It may have been running when it was read last.
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('probe.read', { id }, { signal }),
  })
