/** A paper that a methods section cites. */
export interface Reference {
  /** As it is cited in text: `Johnson et al., 2007`. */
  readonly cited: string;
  /** As it is listed, with its DOI or arXiv number where it has one. */
  readonly listed: string;
}

/** The papers there are, by author and year. */
export type ReferenceName =
  | 'johnson2007'
  | 'fortin2018'
  | 'pomponio2020'
  | 'chen2022'
  | 'beer2020'
  | 'gardner2024'
  | 'horng2022'
  | 'benjamini1995'
  | 'hochberg1988'
  | 'brown1974'
  | 'ijishakin2024'
  | 'liuYap2024'
  | 'moyer2020'
  | 'zhu2017'
  | 'choi2020'
  | 'liu2021'
  | 'shinohara2014'
  | 'nyul2000'
  | 'reinhold2019'
  | 'tustison2010'
  | 'smith2002'
  | 'klein2010';

/**
 * The papers of the methods and of the audit: the one place where they are written down. Each DOI was held against a list of
 * references of another project; where none could be, there is none.
 */
export const references: Readonly<Record<ReferenceName, Reference>> = {
  johnson2007: {
    cited: 'Johnson et al., 2007',
    listed:
      'Johnson WE, Li C, Rabinovic A. Adjusting batch effects in microarray expression data using empirical Bayes methods. Biostatistics 2007;8:118–127. doi:10.1093/biostatistics/kxj037',
  },
  fortin2018: {
    cited: 'Fortin et al., 2018',
    listed:
      'Fortin JP, et al. Harmonization of cortical thickness measurements across scanners and sites. NeuroImage 2018;167:104–120. doi:10.1016/j.neuroimage.2017.11.024',
  },
  pomponio2020: {
    cited: 'Pomponio et al., 2020',
    listed:
      'Pomponio R, Erus G, Habes M, et al. Harmonization of large MRI datasets for the analysis of brain imaging patterns throughout the lifespan. NeuroImage 2020;208:116450. doi:10.1016/j.neuroimage.2019.116450',
  },
  chen2022: {
    cited: 'Chen et al., 2022',
    listed:
      'Chen AA, Beer JC, Tustison NJ, Cook PA, Shinohara RT, Shou H. Mitigating site effects in covariance for machine learning in neuroimaging data. Human Brain Mapping 2022;43:1179–1195. doi:10.1002/hbm.25688',
  },
  beer2020: {
    cited: 'Beer et al., 2020',
    listed:
      'Beer JC, Tustison NJ, Cook PA, et al. Longitudinal ComBat: a method for harmonizing longitudinal multi-scanner imaging data. NeuroImage 2020;220:117129. doi:10.1016/j.neuroimage.2020.117129',
  },
  gardner2024: {
    cited: 'Gardner et al., 2024',
    listed:
      'Gardner M, et al. ComBatLS: a location- and scale-preserving method for multi-site image harmonization. bioRxiv 2024. doi:10.1101/2024.06.21.599875',
  },
  horng2022: {
    cited: 'Horng et al., 2022',
    listed:
      'Horng H, et al. Generalized ComBat harmonization methods for radiomic features with multi-modal distributions and multiple batch effects. Scientific Reports 2022;12:4493. doi:10.1038/s41598-022-08412-9',
  },
  benjamini1995: {
    cited: 'Benjamini and Hochberg, 1995',
    listed:
      'Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple testing. Journal of the Royal Statistical Society B 1995;57:289–300. doi:10.1111/j.2517-6161.1995.tb02031.x',
  },
  hochberg1988: {
    cited: 'Hochberg, 1988',
    listed:
      'Hochberg Y. A sharper Bonferroni procedure for multiple tests of significance. Biometrika 1988;75:800–802. doi:10.1093/biomet/75.4.800',
  },
  brown1974: {
    cited: 'Brown and Forsythe, 1974',
    listed:
      'Brown MB, Forsythe AB. Robust tests for the equality of variances. Journal of the American Statistical Association 1974;69:364–367. doi:10.1080/01621459.1974.10482955',
  },
  ijishakin2024: {
    cited: 'Ijishakin et al., 2024',
    listed:
      'Ijishakin A, Lawry Aguila A, et al. Disentangled diffusion autoencoder for harmonization of multi-site neuroimaging data. 2024. arXiv:2408.15890',
  },
  liuYap2024: {
    cited: 'Liu and Yap, 2024',
    listed:
      'Liu S, Yap PT. Learning multi-site harmonization of magnetic resonance images without traveling human phantoms. Communications Engineering 2024. doi:10.1038/s44172-023-00140-w',
  },
  moyer2020: {
    cited: 'Moyer et al., 2020',
    listed:
      'Moyer D, et al. Scanner invariant representations for diffusion MRI harmonization. Magnetic Resonance in Medicine 2020;84:2174–2189. doi:10.1002/mrm.28243',
  },
  zhu2017: {
    cited: 'Zhu et al., 2017',
    listed:
      'Zhu JY, et al. Unpaired image-to-image translation using cycle-consistent adversarial networks. 2017. arXiv:1703.10593',
  },
  choi2020: {
    cited: 'Choi et al., 2020',
    listed: 'Choi Y, et al. StarGAN v2: diverse image synthesis for multiple domains. 2020. arXiv:1912.01865',
  },
  liu2021: {
    cited: 'Liu et al., 2021',
    listed:
      'Liu M, et al. Style transfer using generative adversarial networks for multi-site MRI harmonization. MICCAI 2021. doi:10.1007/978-3-030-87199-4_30',
  },
  shinohara2014: {
    cited: 'Shinohara et al., 2014',
    listed:
      'Shinohara RT, et al. Statistical normalization techniques for magnetic resonance imaging. NeuroImage: Clinical 2014;6:9–19. doi:10.1016/j.nicl.2014.08.008',
  },
  nyul2000: {
    cited: 'Nyúl et al., 2000',
    listed:
      'Nyúl LG, Udupa JK, Zhang X. New variants of a method of MRI scale standardization. IEEE Transactions on Medical Imaging 2000;19:143–150. doi:10.1109/42.836373',
  },
  reinhold2019: {
    cited: 'Reinhold et al., 2019',
    listed:
      'Reinhold JC, Dewey BE, Carass A, Prince JL. Evaluating the impact of intensity normalization on MR image synthesis. Proceedings of SPIE 2019;10949:109493H. doi:10.1117/12.2513089',
  },
  tustison2010: {
    cited: 'Tustison et al., 2010',
    listed:
      'Tustison NJ, et al. N4ITK: improved N3 bias correction. IEEE Transactions on Medical Imaging 2010;29:1310–1320. doi:10.1109/TMI.2010.2046908',
  },
  smith2002: {
    cited: 'Smith, 2002',
    listed:
      'Smith SM. Fast robust automated brain extraction. Human Brain Mapping 2002;17:143–155. doi:10.1002/hbm.10062',
  },
  klein2010: {
    cited: 'Klein et al., 2010',
    listed:
      'Klein S, Staring M, Murphy K, Viergever MA, Pluim JPW. elastix: a toolbox for intensity-based medical image registration. IEEE Transactions on Medical Imaging 2010;29:196–205. doi:10.1109/TMI.2009.2035616',
  },
};

/** Sentences of a methods section, and what they cite. */
export interface CitedSentences {
  readonly sentences: readonly string[];
  readonly references: readonly Reference[];
}

/** References as they are cited in a sentence: `Johnson et al., 2007; Fortin et al., 2018`. */
export function citedTogether(cited: readonly Reference[]): string {
  return cited.map((one) => one.cited).join('; ');
}
