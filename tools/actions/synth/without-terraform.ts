import { ValidateBinaryVersion } from 'cdktf/lib/validations';

/**
 * Runs `work` without cdktf's asking the Terraform binary for its version, once for every construct that needs a recent
 * one. Synth needs no Terraform: where there is none, the plan after it downloads one, and the oldest version that the
 * commands accept is newer than any that cdktf asks for. All other validations stay.
 */
export function withoutTerraform<T>(work: () => T): T {
  const { validate } = ValidateBinaryVersion.prototype;
  ValidateBinaryVersion.prototype.validate = () => [];
  try {
    return work();
  } finally {
    ValidateBinaryVersion.prototype.validate = validate;
  }
}
