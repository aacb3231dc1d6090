"""The e-voucher middle platform (医保电子凭证中台): who she is, and what she allows."""
