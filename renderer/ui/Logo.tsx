import mark from '../../resources/icons/mole.svg'

/** The mark: a mole looking out of a tunnel. Decorative; the name stands beside it. */
export const Logo = ({ size }: { readonly size: number }) => <img src={mark} width={size} height={size} alt="" />
