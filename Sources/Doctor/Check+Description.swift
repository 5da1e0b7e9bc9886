/// What each check is, in the order of `Check`.
extension Check {
  var description: Description {
    switch self {
    case .files:
      .init(
        "data", "Files that cannot be read, or changed",
        rule: "there are none",
        source: Self.recipe,
        advice: "Mend or remove the files, and import again")
    case .copies:
      .init(
        "data", "Copies and near-copies of images",
        rule: "always: it only reports",
        source: Self.recipe,
        advice: "Give copies one group (`patina split --group-by near-duplicates`), so that they stay on one side")
    case .copiesAcrossSplits:
      .init(
        "data", "The same image or group on two sides of a split",
        rule: "there are none",
        source: Self.recipe,
        advice: "Split again: groups and their copies are kept together")
    case .labels:
      .init(
        "data", "Labels that contradict each other, or their names",
        rule: "there are none",
        source: Self.recipe,
        advice: "Look at the pictures and correct the labels")
    case .masks:
      .init(
        "data", "Masks and boxes that do not fit",
        rule: "there are none",
        source: Self.recipe,
        advice: "Look at the pictures and correct the masks")
    case .outliers:
      .init(
        "data", "The strangest images",
        rule: "always: it only reports",
        source: Self.recipe,
        advice: "Look at each: broken, foreign, or rare and precious")
    case .shortcut:
      .init(
        "data", "Can clean and defective be told apart without looking?",
        rule: "area under the curve ≤ 0.7",
        source: Self.recipe,
        advice: "Make both classes alike in what the probe uses: brightness, border, storage")
    case .adversarialValidation:
      .init(
        "data", "Can training and test images be told apart?",
        rule: "area under the curve ≤ 0.7",
        source: Self.recipe,
        advice: "Split again by group; a test set of another kind measures something else")
    case .networkInput:
      .init(
        "skeleton", "The last tensor before the network, decoded back to a picture",
        rule: "the picture of the file, its values in the range that the network expects",
        source: Self.recipe,
        advice: "Look at the pictures: channels, scaling and labels have to be those of the file")
    case .sameSeed:
      .init(
        "skeleton", "The same seed twice",
        rule: "the same losses to the last bit",
        source: Self.recipe,
        advice: "Something random has no seed of its own: give each use a seeded generator")
    case .lossAtInitialisation:
      .init(
        "skeleton", "The loss before the first step",
        rule: "the entropy of the class shares, within a fifth; of a GAN that of the discriminators' own scores",
        source: Self.recipe,
        advice: "Initialise the last layer small, and check that the loss gets logits and is a mean")
    case .classPrior:
      .init(
        "skeleton", "The last bias knows the class shares",
        rule: "untrained scores are nearer to the shares of the classes than to equal ones, or within a factor of 2",
        source: Self.recipe,
        advice: "Set the last bias to the log of the class shares: no steps are lost on learning them")
    case .evaluationMode:
      .init(
        "skeleton", "Evaluation does what training does",
        rule:
          "the same pictures in both modes for a network that normalises image by image; the same answer twice in evaluation",
        source: Self.recipe,
        advice: "Normalise each image alone, or keep running statistics up to date; switch dropout off in evaluation")
    case .sampleDependency:
      .init(
        "skeleton", "A sample's output depends on that sample alone",
        rule: "the gradient of one output with respect to the other inputs is 0",
        source: Self.recipe,
        advice: "Find what mixes the batch: a reshape in place of a transpose, or a norm over the batch")
    case .parametersMove:
      .init(
        "skeleton", "Every parameter gets a gradient and moves",
        rule: "all of them do",
        source: Self.recipe,
        advice: "A parameter that never moves is left out of the optimizer, detached, or zeroed before its step")
    case .updateRatio:
      .init(
        "skeleton", "Updates against weights",
        rule: "about 1e-3: between 1e-5 and 1e-1 as the median over the weights",
        source: Self.recipe,
        advice: "Lower the learning rate where updates are large, raise it where they are small")
    case .wholeSet:
      .init(
        "skeleton", "Figures of the whole set, not means over batches",
        rule: "equal to the slow way",
        source: Self.recipe,
        advice: "Gather all scores first; a mean over batches weighs a short last batch as much as the others")
    case .overfitOneBatch:
      .init(
        "skeleton", "Overfit a few samples",
        rule: "every one is right; of pixels a Dice above 0.99; of a CycleGAN the cycle's distance to 0",
        source: Self.recipe,
        advice: "A network that cannot learn eight samples by heart has a fault in labels, loss, gradients or optimizer"
      )
    case .inputIndependent:
      .init(
        "skeleton", "Real input against none",
        rule: "a lower loss than with inputs of zeros",
        source: Self.recipe,
        advice:
          "The network does not see its input: look at scaling, shuffling of labels against images, and dead layers")
    case .dumbBaselines:
      .init(
        "skeleton", "Better than what needs no network",
        rule: "majority class, empty mask and a linear model of pixels are beaten",
        source: Self.recipe,
        advice: "Where a linear model of pixels is as good, the task needs no network, or the network learns nothing")
    case .capacity:
      .init(
        "skeleton", "More capacity learns the training images better",
        rule: "the training loss falls with the width",
        source: Self.recipe,
        advice:
          "Where twice the width learns no better, labels or inputs contradict each other, or the optimizer is at fault"
      )
    case .lossTerms:
      .init(
        "skeleton", "Each loss is what the paper says",
        rule: "every term equals its formula on the networks' own outputs, within 1 %",
        source: "\(Self.cycleGAN), equations 1 to 3, section 5.2",
        advice:
          "Compare the term with its formula: squares for adversarial, absolute for cycle and identity distances; the identity weight multiplies λ; a discriminator's loss is halved"
      )
    case .pairs:
      .init(
        "skeleton", "Which images meet",
        rule: "every image is used, partners are drawn from all of the other domain and change",
        source: "\(Self.cycleGAN), section 4",
        advice: "Draw B with B's own length, anew for every A")
    case .crops:
      .init(
        "skeleton", "Crops and flips of the two domains",
        rule: "independent of each other",
        source: "\(Self.cycleGAN), section 4",
        advice: "Give each domain its own random numbers")
    case .borders:
      .init(
        "skeleton", "The picture's border",
        rule: "the last convolution sees the mirrored picture there, no zeros",
        source: "\(Self.cycleGAN), appendix 7.2",
        advice: "Pad the last convolution by reflection")
    case .weightAverage:
      .init(
        "skeleton", "Averages of the weights",
        rule: "decay · average + (1 − decay) · weights",
        source: "Polyak and Juditsky 1992; Karras et al., ICLR 2018",
        advice: "Exchange decay and 1 − decay")
    case .outputs:
      .init(
        "skeleton", "Both directions' pictures",
        rule: "each stands under a name of its own and is what its generator makes",
        source: Self.cycleGAN,
        advice: "Give the two directions different names or folders")
    case .overfitCycle:
      .init(
        "overfit", "Overfit two images",
        rule: "the cycle's distance falls to a tenth",
        source: Self.recipe,
        advice: "A CycleGAN that cannot reproduce two images has a fault in its cycle: directions, losses or optimizer")
    case .settings:
      .init(
        "overfit", "Settings that differ from the published ones",
        rule: "always: it only reports",
        source: Self.recipe,
        advice: "Change one thing at a time, and know why")
    case .finiteLosses:
      .init(
        "GAN", "Losses are finite and do not explode",
        rule:
          "all finite, and none above 20 times its early median; of translators, whose losses leap, no three in a row, the median taken as at least a quarter",
        source: Self.recipe,
        advice: "Lower the learning rate; the last good checkpoint is kept")
    case .discriminatorBalance:
      .init(
        "GAN", "Discriminators are neither fooled nor certain",
        rule: "scores neither within 0.2 of their targets nor the same for all images, for a tenth of the run",
        source: "\(Self.cycleGAN), section 5.2; Goodfellow, NIPS tutorial 2016",
        advice:
          "Certain: fewer filters, --diffaugment, more data. Fooled: a larger discriminator, a lower rate of the generators"
      )
    case .modeCollapse:
      .init(
        "GAN", "Different inputs give different pictures",
        rule: "the outputs differ at least a tenth as much as the inputs do",
        source: "Goodfellow, NIPS tutorial 2016",
        advice: "Weigh the cycle more, use the pool, more data")
    case .colourInversion:
      .init(
        "GAN", "Light stays light",
        rule: "input and output do not correlate negatively, r ≥ −0.1",
        source: "junyanz/pytorch-CycleGAN-and-pix2pix, question and answers",
        advice:
          "Raise the identity weight, or begin again with another seed: an inverted pair of generators stays inverted")
    case .identityGenerator:
      .init(
        "GAN", "Something is made",
        rule: "the change is at least a tenth of the distance between images of the two domains",
        source: Self.cycleGAN,
        advice: "Train longer, weigh cycle and identity less (`--clean-cycle`), or learn where masks say (`--masks`)")
    case .steganography:
      .init(
        "GAN", "The cycle does not hide its way back in noise",
        rule: "8 bits and slight noise do not double the cycle's distance, with the noise itself counted",
        source: "Chu, Zhmoginov and Sandler 2017 (arXiv 1712.02950)",
        advice: "Weigh the cycle of clean images less (`--clean-cycle`), or add noise between the generators")
    case .outsideMask:
      .init(
        "GAN", "Nothing changes outside of the mask",
        rule: "0",
        source: Self.recipe,
        advice: "Blend the picture into its source by the mask")
    case .memorisation:
      .init(
        "GAN", "Made images are no copies of training images",
        rule: "not nearer to one training image, and apart from all others, than real held-out images are",
        source: Self.recipe,
        advice: "Less training, more data, --diffaugment; `patina synthesize --gates memory` refuses copies")
    case .filmStrip:
      .init(
        "GAN", "A fixed batch through training",
        rule: "samples were drawn",
        source: Self.recipe,
        advice: "Write samples more often (`--sample-every`)")
    case .generalisation:
      .init(
        "regularise", "Training against validation",
        rule: "the validation figure is within a fifth of the training figure",
        source: Self.recipe,
        advice: "Real data first, then augmentation, weight decay, fewer steps")
    case .leaks:
      .init(
        "study", "Nothing of a test set was learned from",
        rule: "there are none",
        source: "patina study's own rule",
        advice: "Run the study again from its file: parts that leak are refused there")
    case .equalBudgets:
      .init(
        "study", "Every arm had the same steps",
        rule: "the same",
        source: "patina study's own rule",
        advice: "Remove the cells that differ; `patina study run` trains them again")
    case .repetitions:
      .init(
        "study", "Enough repetitions to tell chance from gain",
        rule: "5 seeds, or 3 splits",
        source: "Bouthillier et al., MLSys 2021",
        advice: "Add seeds or splits: finished cells stay")
    case .headroom:
      .init(
        "study", "Room for a gain",
        rule: "the oracle gains more than the smallest effect, or real images alone are below 0.95",
        source: "patina study's own rule",
        advice: "Ask with a smaller share of real defects, or a harder task")
    case .placebo:
      .init(
        "study", "Images that show nothing do not help",
        rule: "the interval of their gain holds 0 or less",
        source: "patina study's own rule",
        advice: "What the placebo gains is no gain by defects: compare synthetic images with it")
    case .syntheticImages:
      .init(
        "study", "As many synthetic images as were wanted",
        rule: "all of them passed the gates",
        source: "patina study's own rule",
        advice: "Train translators longer, or look at what the gates refused")
    }
  }
}
