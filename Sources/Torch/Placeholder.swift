import CTorch
public let torchVersion = String(cString: ct_version())
