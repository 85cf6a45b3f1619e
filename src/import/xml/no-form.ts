/** Why a rule, or a part of it, has no form in the language: it is a sentence's end, behind "because ". */
export class NoForm {
  readonly because: string;

  constructor(because: string) {
    this.because = because;
  }
}
