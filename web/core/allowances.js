/**
 * How much of a few goods a person may carry without any document (Conf. 13.7): the rows of
 * chalicelib/core/allowances.py, and the units that they are compared in. Written by
 * tests/web_core/make_requirement_rows.py.
 *
 * @typedef {{code: string, groups: string[], terms: string[], most: string, unit: string}} Allowance
 */

/** @type {readonly Allowance[]} */
export const ALLOWANCES = [
  {"code": "caviar", "groups": ["Acipenseriformes"], "terms": ["CAV", "EGG"], "most": "125", "unit": "GRM"},
  {"code": "rainstick", "groups": ["Cactaceae"], "terms": ["CAR", "DER", "LOG", "STE"], "most": "3", "unit": "NAR"},
  {"code": "crocodilian", "groups": ["Crocodylia"], "terms": ["CLA", "GAR", "LPL", "LPS", "SKI", "SKP", "SKU", "TEE"], "most": "4", "unit": "NAR"},
  {"code": "queen_conch", "groups": ["Aliger", "Lobatus", "Strombus"], "terms": ["SHE"], "most": "3", "unit": "NAR"},
  {"code": "seahorse", "groups": ["Hippocampus"], "terms": ["BOD", "DER"], "most": "4", "unit": "NAR"},
  {"code": "giant_clam", "groups": ["Hippopus", "Tridacna", "Tridacnidae"], "terms": ["SHE"], "most": "3", "unit": "NAR"},
  {"code": "agarwood_chips", "groups": ["Aquilaria", "Gyrinops"], "terms": ["CHP", "POW", "TIM"], "most": "1", "unit": "KGM"},
  {"code": "agarwood_oil", "groups": ["Aquilaria", "Gyrinops"], "terms": ["EXT", "OIL"], "most": "24", "unit": "MLT"},
  {"code": "agarwood_beads", "groups": ["Aquilaria", "Gyrinops"], "terms": ["CAR", "JWL"], "most": "2", "unit": "NAR"},
];

/** unit -> what it is counted in, and how much of it one is @type {Record<string, [string, string]>} */
export const FACTORS = {"NAR": ["NAR", "1"], "KGM": ["KGM", "1"], "GRM": ["KGM", "0.001"], "MGM": ["KGM", "0.000001"], "LTR": ["LTR", "1"], "MLT": ["LTR", "0.001"], "MTR": ["MTR", "1"], "CTM": ["MTR", "0.01"], "MTK": ["MTK", "1"], "MTQ": ["MTQ", "1"], "CMQ": ["MTQ", "0.000001"]};
