"""All that is needed to make a network: data sets, augmentation, architectures, fit, figures."""
