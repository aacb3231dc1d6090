"""The way to the e-prescription centre (医保电子处方中心): messages D001 to D007, the port, the client."""
