Claim = check_claims = None
