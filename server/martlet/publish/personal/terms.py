"""The words by which columns say that they are personal: English, German, French, Spanish, more.

A term is written without accents and separators: `firstname` is first_name, firstName, FIRST NAME.
"""

from __future__ import annotations

TERMS: dict[str, str] = {
    "email": """
        email mail emailaddress mailaddress mailadresse courriel correo correoelectronico
        adressemail adresseemail emailadresse direccionemail
    """,
    "phone": """
        phone telephone tel mobile mobilephone cellphone phonenumber phoneno msisdn fax
        whatsapp telefon telefonnummer handy handynummer mobilnummer mobiltelefon rufnummer
        telefono movil celular telefoon numerotelephone faxnummer
    """,
    "address": """
        address addressline addr street streetname streetaddress housenumber postcode
        postalcode zip zipcode plz postleitzahl adresse anschrift strasse hausnummer rue
        codepostal  direccion domicilio calle codigopostal indirizzo straat postbus pobox
        shipto  billto apartment apt
    """,
    "name": """
        firstname lastname fullname givenname familyname middlename maidenname surname
        forename nickname displayname legalname username contactname customername clientname
        buyername  shoppername personname employeename recipientname receivername sendername
        holdername  accountholder cardholder cardholdername patientname membername guestname
        ownername agentname  drivername authorname studentname teachername doctorname
        managername billingname shippingname  staffname attendeename leadname subscribername
        passengername tenantname applicantname  candidatename salesperson salesrepname
        cashiername reviewername parentname spousename  childname beneficiary nameoncard
        nameoncontract vorname nachname familienname geburtsname  kundenname ansprechpartner
        empfangername prenom nomfamille nomdefamille nomclient nomcomplet  nomprenom
        apellido apellidos nombrecompleto nombrecliente nombrepila cognome nomecompleto
        voornaam achternaam sobrenome fname lname mname signature signedby initials
    """,
    "ip": """
        ip ipaddress ipaddr ipv4 ipv6 clientip remoteip userip remoteaddr hostip ipadresse
        adresseip direccionip sourceip srcip loginip signupip xforwardedfor
    """,
    "payment": """
        iban bic swift cardnumber creditcard creditcardnumber ccnumber ccnum cvv cvc  cvv2
        cardlast4 lastfour cardlastfour bankaccount bankaccountnumber accountnumber sortcode
        routingnumber kontonummer bankverbindung kreditkarte kreditkartennummer kartennummer
        numerocarte cartebancaire numerotarjeta tarjeta numerocuenta cuentabancaria cardno
        cardexpiry
    """,
    "national_id": """
        ssn socialsecurity socialsecuritynumber nationalid nationalidnumber nino
        nationalinsurance passport passportnumber passportno idcard idcardnumber
        identitynumber  driverlicense driverslicense drivinglicence licenseplate numberplate
        taxid taxnumber  personalausweis ausweisnummer steuerid steuernummer
        steueridentifikationsnummer  sozialversicherungsnummer svnr reisepass kfzkennzeichen
        nummernschild nir numerosecu securitesociale  numerosecuritesociale passeport dni
        nie nif pasaporte curp cpf pesel personnummer bsn  codicefiscale aadhaar medicare
        nhsnumber
    """,
    "birth": """
        dob birthdate dateofbirth birthday birthyear yearofbirth born bornon birth
        geburtsdatum geburtstag geboren geburtsjahr datenaissance datedenaissance naissance
        anniversaire fechanacimiento fechadenacimiento nacimiento cumpleanos datadinascita
        geboortedatum
    """,
    "location": """
        latitude longitude lat lng lon latlng latlon latlong geopoint gps coordinates
        coordinate coords geohash breitengrad langengrad koordinaten latitud longitud
        coordenadas
    """,
    "device": """
        deviceid deviceuuid cookie cookieid idfa idfv gaid aaid advertisingid  androidid
        imei imsi iccid macaddress macaddr fingerprint browserfingerprint useragent
        serialnumberdevice pushtoken devicetoken gclid fbclid fbp fbc gaclientid ttclid
        msclkid  gerateid
    """,
    "account": """
        username userlogin login loginname screenname userhandle twitterhandle
        instagramhandle  skype telegram benutzername nutzername nomutilisateur identifiant
        usuario nombreusuario
    """,
    "secret": """
        password passwd pwd passwordhash passwort motdepasse contrasena secret apikey
        apitoken accesstoken refreshtoken authtoken sessiontoken privatekey token pin otp
        securityanswer
    """,
}

# Free text, when the values are prose.
TEXT_TERMS = (
    "note notes comment comments remark remarks message messages msg feedback reviewtext "
    "reviewbody review body memo transcript complaint inquiry enquiry question answer freetext "
    "conversation chat instructions deliveryinstructions testimonial biography bio aboutme reply "
    "bemerkung bemerkungen kommentar kommentare notiz notizen hinweis hinweise nachricht anmerkung "
    "anmerkungen freitext beschwerde anfrage commentaire commentaires remarque remarques avis "
    "reclamation comentario comentarios nota notas observacion observaciones mensaje queja resena"
)

# Names of persons, only when the values look like some, or the mart is about people.
WEAK_NAME_TERMS = (
    "name nom nombre nome naam names owner assignee assignedto assigned createdby updatedby "
    "modifiedby approvedby author recipient receiver sender addressee attention contact customer "
    "client buyer employee agent rep salesrep accountmanager manager driver user person member "
    "guest patient kunde kundin mitarbeiter empfanger absender bearbeiter sachbearbeiter "
    "destinataire vendeur contacto cliente empleado empleada destinatario vendedor"
)

# Beside one of these, a word above speaks of something else: email_count, phone_brand, ip_rating.
_NOT_WORDS = """
ad ads age anzahl app at average avg bounce bounced branch brand campaign campaigns carrier
category channel city class clicked clicks cnt code codes column companies company consent cost
costs count countries country currency date days delivered department domain enabled event
feature file firma flag format frequency group has host hours is item job kind language last
length level list locale max medium min minutes model num open opened opens opt optin order
orders organisation organization os page pct percent permission plan platform position
preference price product products provider quality rate rated rating ratio region revenue schema
score seconds segment sent server session sessions share shop site size sku source spend state
status store subject subscribers sum table team template tier time total type unit units valid
validated variant verified version warehouse was
"""
NOT_WORDS = frozenset(_NOT_WORDS.split())
# Beside one of these too, but only for names of things, not of persons.
_THINGS = """
account ad airport app article articulo artikel artist audience bank banner book brand browser
bundesland campaign carrier categoria categorie category channel city ciudad cluster collection
color colour company couleur country coupon course creative currency day department device
discount dish domain drug event farbe file firma fund group holiday host hotel index ingredient
item kategorie keyword kind land language library manufacturer marke marque material medium
method model module month movie organisation organization ort os package page pais payment pays
placement plan platform port product producto produit produkt project promotion recipe region
repository restaurant role schema school segment server service shipping shop site size sku song
source species stadt state station status stock store street style supplier table team tier
title type university variant vendor ville warehouse week
"""
THINGS = frozenset(_THINGS.split())
_PEOPLE = """
agent agents applicant applicants attendee attendees buyer buyers candidate candidates client
clientes clients contact contacts customer customers driver drivers empleados employee employees
guest guests kunde kunden lead leads member members mitarbeiter nutzer passenger patient
patients people person personas personen persons salarie salaries staff student students
subscriber subscribers teacher teachers tenant tenants user users usuarios utilisateurs visitor
visitors
"""
PEOPLE = frozenset(_PEOPLE.split())
_PLACES = """
airport airports branch branches cities city countries country depot filiale filialen geo hotel
hotels hub office offices plant plants port ports region regions restaurant shop shops site
sites station stations store stores venue venues warehouse warehouses
"""
PLACES = frozenset(_PLACES.split())
_KEYS = """
fk guid id ids key keys nr pk sk uuid
"""
KEYS = frozenset(_KEYS.split())
