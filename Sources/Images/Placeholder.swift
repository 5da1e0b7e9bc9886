import CVision
public let torchVersion = cv_decode()
